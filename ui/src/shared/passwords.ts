/** What is wrong with a password that somebody chooses; null when nothing is. The server asks again. */
export const strongEnough = (password: string) => (password.length < 10 ? "At least ten characters" : null);
