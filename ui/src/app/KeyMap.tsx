import { Group, Kbd, Stack, Text, Title } from "@mantine/core";
import { Dialog } from "@/shared/Dialog";
import { useNavigation } from "./navigation";

const KEYS: { title: string; keys: [string, string][] }[] = [
	{
		title: "Anywhere",
		keys: [
			["Ctrl K", "Search, jump, do"],
			["?", "This map"],
			["Esc", "Close the panel"],
			["j  k", "Next, previous row"],
			["/", "Search this list"],
		],
	},
	{
		title: "Stories",
		keys: [
			["y", "Yes, it is the brand"],
			["n", "No, it is not"],
			["x", "Choose, X up to here"],
			["m", "Merge what is chosen; in the weekly sample: not sure"],
			["t", "Tag"],
			["1 … 5", "Positive, neutral, mixed, negative, unclear"],
			["0", "The tone as it was read"],
			["s", "Star"],
			["e", "Archive"],
			["u", "Undo, step by step"],
		],
	},
	{
		title: "Discovery",
		keys: [
			["p", "Watch as competitor"],
			["m", "Another name of a brand"],
			["i", "Ignore for good"],
			["u", "Undo the last"],
		],
	},
];

export default function KeyMap({ onClose }: { onClose: () => void }) {
	const places = useNavigation().flatMap(({ items }) =>
		items.map(({ key, label }): [string, string] => [`g ${key}`, label]),
	);
	return (
		<Dialog opened onClose={onClose} title="Keyboard" size="lg">
			<div style={{ columns: "2 16em", columnGap: "var(--mantine-spacing-xl)" }}>
				{[...KEYS, { title: "Go to", keys: places }].map(({ title, keys }) => (
					<Stack key={title} gap={8} mb="lg" style={{ breakInside: "avoid" }}>
						<Title order={3} size="h6">
							{title}
						</Title>
						{keys.map(([key, what]) => (
							<Group key={key} gap="xs" wrap="nowrap" justify="space-between">
								<Text size="sm">{what}</Text>
								<Group gap={4} wrap="nowrap">
									{key.split(/\s+/).map((part) => (
										<Kbd key={part} size="sm">
											{part}
										</Kbd>
									))}
								</Group>
							</Group>
						))}
					</Stack>
				))}
			</div>
		</Dialog>
	);
}
