import { Autocomplete, Button, Group, Popover, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useState } from "react";
import { useTags } from "./deeds";

type Props = {
	opened: boolean;
	onChange: (opened: boolean) => void;
	onTag: (tag: string) => void;
	children: ReactNode;
};

/** Asks for a tag beside the button that wants one: one of the organization's, or a new one. */
export function TagMenu({ opened, onChange, onTag, children }: Props) {
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
					onTag={(tag) => {
						onTag(tag);
						onChange(false);
					}}
				/>
			</Popover.Dropdown>
		</Popover>
	);
}

function Ask({ onTag }: { onTag: (tag: string) => void }) {
	const tags = useTags();
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
					data={tags.data?.items.map((one) => one.tag) ?? []}
					comboboxProps={{ withinPortal: false }}
				/>
				<Button type="submit" disabled={!word}>
					Tag
				</Button>
			</Group>
		</form>
	);
}
