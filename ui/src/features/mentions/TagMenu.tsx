import { Autocomplete, Button, Group, Popover, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useState } from "react";
import { useTags } from "./deeds";

type Props = {
	opened: boolean;
	onChange: (opened: boolean) => void;
	onTag: (tag: string) => void;
	/** Tags that are on offer; those of stories unless said. */
	useKnown?: () => string[];
	children: ReactNode;
};

const useTagsOfStories = () => useTags().data?.items.map(({ tag }) => tag) ?? [];

/** Asks for a tag beside the button that wants one: one of the organization's, or a new one. */
export function TagMenu({ opened, onChange, onTag, useKnown = useTagsOfStories, children }: Props) {
	return (
		<Popover
			opened={opened}
			onChange={onChange}
			position="top-start"
			trapFocus
			returnFocus
			withinPortal
			shadow="md"
		>
			<Popover.Target>{children}</Popover.Target>
			<Popover.Dropdown data-keeps-panel>
				<Ask
					useKnown={useKnown}
					onTag={(tag) => {
						onTag(tag);
						onChange(false);
					}}
				/>
			</Popover.Dropdown>
		</Popover>
	);
}

function Ask({ onTag, useKnown }: Required<Pick<Props, "onTag" | "useKnown">>) {
	const known = useKnown();
	const [tag, setTag] = useState("");
	const word = tag.trim();
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				event.stopPropagation();
				if (word) onTag(word);
			}}
		>
			<Text size="xs" c="dimmed" mb={4} id="which-tag">
				Which tag?
			</Text>
			<Group gap="xs" wrap="nowrap">
				<Autocomplete
					aria-labelledby="which-tag"
					data-autofocus
					maxLength={60}
					value={tag}
					onChange={setTag}
					onOptionSubmit={onTag}
					data={known}
					comboboxProps={{ withinPortal: false }}
				/>
				<Button type="submit" disabled={!word}>
					Tag
				</Button>
			</Group>
		</form>
	);
}
