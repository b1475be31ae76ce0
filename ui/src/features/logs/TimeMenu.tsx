import { Button, Divider, Popover, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import dayjs from "dayjs";
import { Clock } from "lucide-react";
import { useState } from "react";
import { moment } from "@/shared/time";
import { type LogsSearch, SPANS, type Span, USUAL } from "./search";

type Props = { search: LogsSearch; onChoose: (change: LogsSearch) => void };

const FIELD = "YYYY-MM-DDTHH:mm";

/** Which time is searched: so long back from now, or from one moment to another. */
export function TimeMenu({ search, onChoose }: Props) {
	const [opened, { toggle, close }] = useDisclosure();
	const label = search.since
		? `${moment(search.since)} – ${search.until ? moment(search.until) : "now"}`
		: SPANS[search.span ?? USUAL].label;
	const choose = (change: LogsSearch) => {
		close();
		onChoose(change);
	};
	return (
		<Popover
			opened={opened}
			onChange={(open) => !open && close()}
			position="bottom-start"
			shadow="md"
			trapFocus
		>
			<Popover.Target>
				<Button
					variant="default"
					justify="flex-start"
					px="sm"
					miw="max-content"
					fw={400}
					aria-label={`Time: ${label}`}
					leftSection={<Clock size={15} />}
					onClick={toggle}
				>
					{label}
				</Button>
			</Popover.Target>
			<Popover.Dropdown p="xs" aria-label="Time">
				<Stack gap={2} miw={230}>
					{(Object.keys(SPANS) as Span[]).map((span) => {
						const on = !search.since && span === (search.span ?? USUAL);
						return (
							<Button
								key={span}
								size="sm"
								justify="flex-start"
								variant={on ? "light" : "subtle"}
								color={on ? "iris" : "gray"}
								onClick={() => choose({ span, since: undefined, until: undefined })}
							>
								{SPANS[span].label}
							</Button>
						);
					})}
					<Divider my={4} />
					<Between search={search} onChoose={choose} />
				</Stack>
			</Popover.Dropdown>
		</Popover>
	);
}

function Between({ search, onChoose }: Props) {
	const [since, setSince] = useState(dayjs(search.since ?? dayjs().subtract(1, "hour")).format(FIELD));
	const [until, setUntil] = useState(dayjs(search.until).format(FIELD));
	const days = dayjs(until).diff(dayjs(since), "day", true);
	const problem = Number.isNaN(days)
		? "Give both moments."
		: days <= 0
			? "The end must come after the beginning."
			: days > 31
				? "At most 31 days."
				: "";
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				onChoose({
					since: dayjs(since).toISOString(),
					until: dayjs(until).toISOString(),
					span: undefined,
					live: undefined,
				});
			}}
		>
			<Stack gap="xs">
				<TextInput
					size="xs"
					type="datetime-local"
					label="From"
					value={since}
					onChange={({ currentTarget }) => setSince(currentTarget.value)}
				/>
				<TextInput
					size="xs"
					type="datetime-local"
					label="To"
					value={until}
					onChange={({ currentTarget }) => setUntil(currentTarget.value)}
				/>
				<Text size="xs" c="var(--bad)" role="status">
					{problem}
				</Text>
				<Button size="xs" type="submit" disabled={problem !== ""}>
					Search this time
				</Button>
			</Stack>
		</form>
	);
}
