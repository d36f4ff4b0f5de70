import { formatProblem, type InputProblem } from "../../proof/errors";

/** Something that was tried and did not work: exit code 1. Bad input is an `InputError`: exit code 2. */
export class DeliveryFailure extends Error {
  readonly problems: readonly InputProblem[];

  constructor(problems: InputProblem | readonly InputProblem[]) {
    const list = Array.isArray(problems) ? (problems as readonly InputProblem[]) : [problems as InputProblem];
    super(list.map(formatProblem).join("\n"));
    this.name = "DeliveryFailure";
    this.problems = list;
  }
}
