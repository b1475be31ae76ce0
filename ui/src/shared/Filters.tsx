import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { Search } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import classes from "./Filters.module.css";
import { useKeys } from "./keys";

/** What narrows a list down, in a line; the words get a line of their own where there is little room. */
export function Filters({ children }: { children: ReactNode }) {
	return (
		<search className={classes.frame} data-keeps-panel>
			<div className={classes.filters}>{children}</div>
		</search>
	);
}

type WordsProps = {
	label: string;
	placeholder: string;
	value: string | undefined;
	onFind: (words: string | undefined) => void;
};

/** Words to search for; `/` goes there. */
export function Words({ label, placeholder, value, onFind }: WordsProps) {
	const [text, setText] = useState(value ?? "");
	const [given, setGiven] = useState(value);
	const [found, setFound] = useState(value);
	const field = useRef<HTMLInputElement>(null);
	const find = useDebouncedCallback((words: string) => {
		const wanted = words.trim() || undefined;
		setFound(wanted);
		onFind(wanted);
	}, 300);
	if (value !== given) {
		setGiven(value);
		// From elsewhere, such as a saved view; of what was asked for here, what is being typed meanwhile is left alone.
		if (value !== found) {
			setFound(value);
			setText(value ?? "");
			find.cancel();
		}
	}
	useKeys({ "/": () => field.current?.focus() });
	return (
		<TextInput
			ref={field}
			type="search"
			wrapperProps={{ "data-words": true }}
			aria-label={label}
			placeholder={placeholder}
			leftSection={<Search size={15} />}
			value={text}
			onChange={({ currentTarget }) => {
				setText(currentTarget.value);
				find(currentTarget.value);
			}}
			onKeyDown={(event) => {
				if (event.key !== "Escape") return;
				event.preventDefault();
				event.currentTarget.blur();
			}}
		/>
	);
}
