import { Button, Divider, Popover, Skeleton, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { CalendarDays } from "lucide-react";
import { lazy, Suspense } from "react";
import { DEFAULT_RANGE, PRESETS, type Range, rangeLabel } from "@/shared/range";

const Calendar = lazy(() => import("./Calendar"));

/** Which days the lists look at; it stays the same from screen to screen. */
export function RangeMenu() {
	const { range = DEFAULT_RANGE } = useSearch({ from: "/_app" });
	const navigate = useNavigate();
	const [open, { toggle, close }] = useDisclosure();
	const choose = (chosen: Range) => {
		close();
		void navigate({ to: ".", search: (old) => ({ ...old, range: chosen }) });
	};
	return (
		<Popover
			opened={open}
			onChange={(value) => !value && close()}
			position="bottom-end"
			shadow="md"
			trapFocus
		>
			<Popover.Target>
				<Button
					variant="subtle"
					color="gray"
					size="sm"
					px="xs"
					aria-label={`Date range: ${rangeLabel(range)}`}
					leftSection={<CalendarDays size={16} strokeWidth={1.8} />}
					onClick={toggle}
					styles={{ label: { maxWidth: "28vw" } }}
				>
					{rangeLabel(range)}
				</Button>
			</Popover.Target>
			<Popover.Dropdown p="xs" aria-label="Date range">
				<Stack gap={2}>
					{PRESETS.map(({ value, label }) => (
						<Button
							key={value}
							size="sm"
							justify="flex-start"
							variant={value === range ? "light" : "subtle"}
							color={value === range ? "iris" : "gray"}
							onClick={() => choose(value)}
						>
							{label}
						</Button>
					))}
					<Divider my={4} />
					<Suspense fallback={<Skeleton h={250} w={252} />}>
						{open && <Calendar range={range} onChoose={choose} />}
					</Suspense>
				</Stack>
			</Popover.Dropdown>
		</Popover>
	);
}
