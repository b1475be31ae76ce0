import { ActionIcon, Card, Group, SegmentedControl, Table, Text, Title, Tooltip } from "@mantine/core";
import { Sheet } from "lucide-react";
import { type ReactNode, useState } from "react";
import { saveCsv, type Value } from "@/shared/csv";
import classes from "./Trust.module.css";

type Props = { title: string; about?: ReactNode; columns: string[]; rows: Value[][]; children: ReactNode };

/** A picture and the table that says the same. */
export function Twin({ title, about, columns, rows, children }: Props) {
	const [as, setAs] = useState("picture");
	return (
		<Card padding="md" component="section" aria-label={title}>
			<div className={classes.head}>
				<div>
					<Title order={3} size="h5">
						{title}
					</Title>
					{about && (
						<Text size="xs" c="dimmed" component="div">
							{about}
						</Text>
					)}
				</div>
				<Group gap={6} wrap="nowrap">
					<SegmentedControl
						size="xs"
						aria-label={`Show ${title} as`}
						value={as}
						onChange={setAs}
						data={[
							{ value: "picture", label: "Chart" },
							{ value: "table", label: "Table" },
						]}
					/>
					<Tooltip label="Download the table (CSV)">
						<ActionIcon
							variant="default"
							size={30}
							aria-label={`Download ${title} as a table`}
							onClick={() => saveCsv(title.toLowerCase().replaceAll(" ", "-"), [columns, ...rows])}
						>
							<Sheet size={15} />
						</ActionIcon>
					</Tooltip>
				</Group>
			</div>
			{as === "picture" ? (
				children
			) : (
				// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse
				<section className={classes.table} tabIndex={0} aria-label={`${title}, as a table`}>
					<Table fz="xs" horizontalSpacing="xs" verticalSpacing={5} className="numeric">
						<Table.Thead>
							<Table.Tr>
								{columns.map((column, at) => (
									<Table.Th key={column} ta={at > 0 ? "right" : undefined}>
										{column}
									</Table.Th>
								))}
							</Table.Tr>
						</Table.Thead>
						<Table.Tbody>
							{rows.map((row) => (
								<Table.Tr key={String(row[0])}>
									{row.map((value, at) => (
										<Table.Td key={columns[at]} ta={at > 0 ? "right" : undefined}>
											{value}
										</Table.Td>
									))}
								</Table.Tr>
							))}
						</Table.Tbody>
					</Table>
				</section>
			)}
		</Card>
	);
}
