import type { StateFolder } from "../state";
import type { Message } from "./pool-data";

const FILE = "messages.json";
const KEPT = 20;

/** The messages Cognito would have sent, newest first, in a file that only the owner reads. They are never logged. */
export function messageBox(state: StateFolder): (message: Message) => void {
  return (message) => {
    const stored = state.read(FILE);
    state.write(FILE, [message, ...(Array.isArray(stored) ? (stored as Message[]) : [])].slice(0, KEPT));
  };
}
