import { Autocomplete, Button, Group, Text } from "@mantine/core";
import { useState } from "react";

type Props = { onTag: (tag: string) => void; useKnown: () => string[] };

export function AskTag({ onTag, useKnown }: Props) {
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
