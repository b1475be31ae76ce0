/** What to do, with the commands in it set as such: they stand between backticks. */
export function Advice({ children }: { children: string }) {
	// biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence have nothing else
	return children.split("`").map((part, at) => (at % 2 ? <code key={at}>{part}</code> : part));
}
