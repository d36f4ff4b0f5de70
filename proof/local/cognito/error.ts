/** A refusal of the `cognito-idp` API: the error type of its service model, and the words Cognito uses. */
export class CognitoError extends Error {
  constructor(
    readonly type: string,
    message: string,
    /** For the person at the gateway, where Cognito's own words say less. */
    readonly because = message,
  ) {
    super(message);
    this.name = type;
  }
}

export const notAuthorized = (message: string): CognitoError => new CognitoError("NotAuthorizedException", message);
export const invalidParameter = (message: string): CognitoError =>
  new CognitoError("InvalidParameterException", message);
export const notFound = (message: string, because = message): CognitoError =>
  new CognitoError("ResourceNotFoundException", message, because);

/** Said for a wrong password, and for a user who does not exist where the client hides that. */
export const WRONG_PASSWORD = "Incorrect username or password.";
