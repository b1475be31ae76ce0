import { Badge, Card, Table, Text, Title } from "@mantine/core";
import type { Comparison as Told } from "@/api/generated/types.gen";
import { plural } from "@/shared/numbers";
import { day } from "@/shared/time";
import { difference, shown } from "./figures";
import classes from "./Report.module.css";
import type { Shows } from "./ReportParts";

const VERDICTS = {
	more: { label: "more", color: "blue" },
	less: { label: "less", color: "blue" },
	chance: { label: "may be chance", color: "gray" },
	"not-enough": { label: "not enough evidence", color: "gray" },
};

/** Each figure beside what it was; both numbers open their mentions. */
export function Comparison({ comparison, onFigure }: Pick<Shows, "onFigure"> & { comparison: Told }) {
	const { rows, range, before, scale } = comparison;
	return (
		<Card padding="lg">
			<Title order={2} size="h5" mb={4}>
				Compared
			</Title>
			<Text size="xs" c="dimmed" mb="sm">
				With {day(before.since_on)} – {day(before.until_on)}
				{scale !== 1 &&
					`: ${plural(before.days, "day")} against ${plural(range.days, "day")}; differences of counts are against as many days`}
			</Text>
			<div className={classes.scrolls}>
				<Table fz="sm" className={classes.compared}>
					<Table.Thead>
						<Table.Tr>
							<Table.Th>Figure</Table.Th>
							<Table.Th ta="right">Now</Table.Th>
							<Table.Th ta="right">Before</Table.Th>
							<Table.Th ta="right">Difference</Table.Th>
							<Table.Th ta="right">90 % sure between</Table.Th>
							<Table.Th>Verdict</Table.Th>
						</Table.Tr>
					</Table.Thead>
					<Table.Tbody>
						{rows.map((row) => {
							const { label, unit, value, before: was, interval, verdict } = row;
							return (
								<Table.Tr key={label}>
									<Table.Td>{label}</Table.Td>
									<Table.Td ta="right" className="numeric">
										<Opens
											words={shown({ value, unit })}
											name={`${label} now`}
											onClick={() => onFigure(row.evidence)}
										/>
									</Table.Td>
									<Table.Td ta="right" className="numeric">
										<Opens
											words={shown({ value: was, unit })}
											name={`${label} before`}
											onClick={() => onFigure(row.evidence_before)}
										/>
									</Table.Td>
									<Table.Td ta="right" className="numeric" fw={600}>
										{interval ? difference(row.difference, unit) : "–"}
									</Table.Td>
									<Table.Td ta="right" className="numeric">
										{interval
											? `${difference(interval.low, unit)} to ${difference(interval.high, unit)}`
											: "–"}
									</Table.Td>
									<Table.Td>
										<Badge variant="light" color={VERDICTS[verdict].color}>
											{VERDICTS[verdict].label}
										</Badge>
									</Table.Td>
								</Table.Tr>
							);
						})}
					</Table.Tbody>
				</Table>
			</div>
		</Card>
	);
}

function Opens({ words, name, onClick }: { words: string; name: string; onClick: () => void }) {
	return (
		<button
			type="button"
			className={classes.finding}
			aria-label={`${name}: ${words}`}
			onClick={onClick}
			data-keeps-panel
		>
			{words}
		</button>
	);
}
