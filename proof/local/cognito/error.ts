/** A refusal of the `cognito-idp` API: the error type of its service model, and the words Cognito uses. */
export class CognitoError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.name = type;
    this.type = type;
  }
}

export const notAuthorized = (message: string): CognitoError => new CognitoError("NotAuthorizedException", message);
export const invalidParameter = (message: string): CognitoError =>
  new CognitoError("InvalidParameterException", message);
export const notFound = (message: string): CognitoError => new CognitoError("ResourceNotFoundException", message);

/** Said for a wrong password, and for a user who does not exist where the client hides that. */
export const WRONG_PASSWORD = "Incorrect username or password.";
