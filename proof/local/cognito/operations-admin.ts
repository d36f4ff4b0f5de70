import { randomInt } from "node:crypto";
import type { UserPool } from "../../model/types";
import { findUser, newUser, passwordFault } from "../users";
import type { LocalUser } from "../users";
import { CognitoError, invalidParameter, notAuthorized, notFound } from "./error";
import { attributes, optional, poolOf, required } from "./input";
import type { Input, Operation } from "./input";
import { matchesFilter } from "./list-filter";
import { pairs } from "./operations-user";
import { checkName, unknownUser } from "./operations-sign-up";
import { changePool, changeUser, clientSecret, lookUpUser, readPool } from "./pool-data";
import type { CognitoContext } from "./pool-data";
import { setPassword } from "./sign-in";
import { signOutEverywhere } from "./tokens";

interface Named {
  readonly pool: UserPool;
  readonly user: LocalUser;
}

const adminCreateUser: Operation = async (context, input) => {
  const pool = poolOf(context, input);
  const name = required(input, "Username");
  checkName(pool, name);
  if (input["MessageAction"] === "RESEND") throw invalidParameter("MessageAction RESEND is not supported locally.");
  const password = optional(input, "TemporaryPassword") ?? temporaryPassword();
  const fault = passwordFault(pool, password);
  if (fault !== undefined) throw new CognitoError("InvalidPasswordException", fault);
  const user = newUser(pool, name, attributes(input, "UserAttributes"), context.now());
  changePool(context, pool, ({ users }) => {
    if (findUser(pool, users, name) !== undefined) {
      throw new CognitoError("UsernameExistsException", "User account already exists");
    }
    users.push(user);
  });
  await setPassword(context, pool, user, password, "FORCE_CHANGE_PASSWORD");
  if (input["MessageAction"] !== "SUPPRESS") {
    const to = user.attributes["email"] ?? user.attributes["phone_number"] ?? "";
    context.deliver({ pool: pool.name, user: user.username, to, purpose: "temporary password", code: password });
  }
  return { User: described({ ...user, status: "FORCE_CHANGE_PASSWORD" }, "Attributes") };
};

const adminSetUserPassword: Operation = async (context, input) => {
  const { pool, user } = named(context, input);
  const permanent = input["Permanent"] === true;
  await setPassword(
    context,
    pool,
    user,
    required(input, "Password"),
    permanent ? "CONFIRMED" : "FORCE_CHANGE_PASSWORD",
  );
  return {};
};

const adminConfirmSignUp: Operation = async (context, input) => {
  const { pool, user } = named(context, input);
  if (user.status !== "UNCONFIRMED") {
    throw notAuthorized(`User cannot be confirmed. Current status is ${user.status}`);
  }
  change(context, { pool, user }, (found) => {
    found.status = "CONFIRMED";
  });
  return {};
};

const adminUpdateUserAttributes: Operation = async (context, input) => {
  const given = attributes(input, "UserAttributes");
  if (given["sub"] !== undefined) throw invalidParameter("sub: Attribute cannot be updated.");
  change(context, named(context, input), (found) => {
    Object.assign(found.attributes, given);
  });
  return {};
};

const adminGroup =
  (add: boolean): Operation =>
  async (context, input) => {
    const found = named(context, input);
    const group = required(input, "GroupName");
    if (!groupsOf(context, found.pool).includes(group)) throw notFound("Group not found.");
    change(context, found, (user) => {
      user.groups = [...user.groups.filter((one) => one !== group), ...(add ? [group] : [])];
    });
    return {};
  };

const createGroup: Operation = async (context, input) => {
  const pool = poolOf(context, input);
  const name = required(input, "GroupName");
  if (groupsOf(context, pool).includes(name)) {
    throw new CognitoError("GroupExistsException", "A group with the name already exists.");
  }
  changePool(context, pool, ({ groups }) => groups.push(name));
  return { Group: { GroupName: name, UserPoolId: pool.id } };
};

const listUsers: Operation = async (context, input) => {
  const pool = poolOf(context, input);
  const filter = optional(input, "Filter") ?? "";
  const start = Number(optional(input, "PaginationToken") ?? 0);
  const limit = typeof input["Limit"] === "number" ? input["Limit"] : 60;
  const users = readPool(context, pool).users.filter((user) => matchesFilter(user, filter));
  const end = start + limit;
  return {
    Users: users.slice(start, end).map((user) => described(user, "Attributes")),
    ...(end < users.length ? { PaginationToken: String(end) } : {}),
  };
};

/** The client with its local secret, which is how the AWS CLI asks for it too. */
const describeUserPoolClient: Operation = async (context, input) => {
  const pool = poolOf(context, input);
  const id = required(input, "ClientId");
  const client = pool.clients.find(({ clientId }) => clientId === id);
  if (client === undefined) throw notFound(`User pool client ${id} does not exist.`);
  const secret = clientSecret(context, client);
  return {
    UserPoolClient: {
      UserPoolId: pool.id,
      ClientId: client.clientId,
      ClientName: client.name,
      ...(secret === undefined ? {} : { ClientSecret: secret }),
      ExplicitAuthFlows: client.explicitAuthFlows,
      AllowedOAuthFlows: client.allowedOAuthFlows,
      AllowedOAuthScopes: client.allowedOAuthScopes,
      CallbackURLs: client.callbackUrls,
    },
  };
};

export const adminOperations: Readonly<Record<string, Operation>> = {
  AdminCreateUser: adminCreateUser,
  AdminSetUserPassword: adminSetUserPassword,
  AdminConfirmSignUp: adminConfirmSignUp,
  AdminUpdateUserAttributes: adminUpdateUserAttributes,
  AdminAddUserToGroup: adminGroup(true),
  AdminRemoveUserFromGroup: adminGroup(false),
  AdminListGroupsForUser: async (context, input) => {
    const { pool, user } = named(context, input);
    return { Groups: user.groups.map((GroupName) => ({ GroupName, UserPoolId: pool.id })) };
  },
  AdminGetUser: async (context, input) => described(named(context, input).user, "UserAttributes"),
  AdminDeleteUser: async (context, input) => {
    const { pool, user } = named(context, input);
    changePool(context, pool, ({ users }) =>
      users.splice(
        users.findIndex(({ sub }) => sub === user.sub),
        1,
      ),
    );
    return {};
  },
  AdminEnableUser: async (context, input) => enable(context, input, true),
  AdminDisableUser: async (context, input) => enable(context, input, false),
  AdminUserGlobalSignOut: async (context, input) => {
    const { pool, user } = named(context, input);
    signOutEverywhere(context, pool, user.sub);
    return {};
  },
  AdminResetUserPassword: async (context, input) => {
    change(context, named(context, input), (user) => {
      user.status = "RESET_REQUIRED";
    });
    return {};
  },
  CreateGroup: createGroup,
  ListGroups: async (context, input) => {
    const pool = poolOf(context, input);
    return { Groups: groupsOf(context, pool).map((GroupName) => ({ GroupName, UserPoolId: pool.id })) };
  },
  ListUsers: listUsers,
  DescribeUserPoolClient: describeUserPoolClient,
};

/** Groups of the configuration and those made here. */
export function groupsOf(context: Pick<CognitoContext, "state">, pool: UserPool): readonly string[] {
  return [...new Set([...pool.groups, ...readPool(context, pool).groups])];
}

function enable(context: CognitoContext, input: Input, enabled: boolean): object {
  change(context, named(context, input), (user) => {
    user.enabled = enabled;
  });
  return {};
}

function named(context: CognitoContext, input: Input): Named {
  const pool = poolOf(context, input);
  const user = lookUpUser(context, pool, required(input, "Username"));
  if (user === undefined) throw unknownUser();
  return { pool, user };
}

function change(context: CognitoContext, { pool, user }: Named, edit: (user: LocalUser) => void): void {
  changeUser(context, pool, user.sub, edit);
}

function described(user: LocalUser, attributesName: "Attributes" | "UserAttributes"): object {
  return {
    Username: user.username,
    [attributesName]: [{ Name: "sub", Value: user.sub }, ...pairs(user.attributes)],
    UserCreateDate: user.created / 1000,
    UserLastModifiedDate: user.modified / 1000,
    Enabled: user.enabled,
    UserStatus: user.status,
  };
}

/** One of each kind, so that any policy of up to sixteen characters takes it. */
function temporaryPassword(): string {
  const kinds = ["ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", "!@#$%^*-_+="];
  return Array.from({ length: 16 }, (_, index) => {
    const kind = kinds[index % kinds.length] ?? "";
    return kind.charAt(randomInt(kind.length));
  }).join("");
}
