/** Lines of a simulation, and their answers. */
import { Simulator } from "../../proof/iam/simulate";
import { ACCOUNT, API } from "./helpers";

export const USER = `arn:aws:iam::${ACCOUNT}:user/alice`;

export const allow = {
  Version: "2012-10-17",
  Statement: [{ Sid: "Invoke", Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }],
};

export const api = (Principal: unknown, Condition?: unknown) => ({
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Principal,
    Action: "execute-api:Invoke",
    Resource: "execute-api:/*",
    ...(Condition === undefined ? {} : { Condition }),
  },
});

export const line = (fields: object) => ({
  id: "1",
  callerArn: USER,
  action: "execute-api:Invoke",
  resource: `${API}/dev/GET/orders`,
  ...fields,
});

export const answer = (fields: object) => new Simulator().answer(JSON.stringify(line(fields)));
