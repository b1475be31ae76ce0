import { Table } from "@mantine/core";
import type { Value } from "./csv";
import classes from "./Twin.module.css";
import { day } from "./time";

/** A cell is a plain value or a number that opens its evidence; `shown` is how a person reads it. */
export type Cell = { value: Value; shown?: string; figure?: string | undefined; label?: string };
/** The table that says the same as a chart. The first column names the row. */
export type Twin = { columns: string[]; rows: Cell[][] };

export const values = ({ columns, rows }: Twin): Value[][] => [
	columns,
	...rows.map((row) => row.map(({ value }) => value)),
];

/** A table in which nothing opens. */
export const plainTwin = (columns: string[], rows: Value[][]): Twin => ({
	columns,
	rows: rows.map((row) => row.map((value) => ({ value }))),
});

export const dayCell = (on: string): Cell => ({ value: on, shown: day(on) });

type Props = {
	label: string;
	twin: Twin;
	/** As high as it is, where it is what one came to see. */
	whole?: true;
	onFigure?: ((figure: string) => void) | undefined;
};

export function TwinTable({ label, twin: { columns, rows }, whole, onFigure }: Props) {
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse
		<section className={classes.table} tabIndex={0} aria-label={label} data-whole={whole}>
			<Table stickyHeader fz="sm" horizontalSpacing="xs">
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
						<Table.Tr key={`${row[0]?.value} ${row[1]?.figure}`}>
							{row.map(({ value, shown = String(value), figure, label }, at) => (
								<Table.Td
									key={columns[at]}
									ta={at > 0 ? "right" : undefined}
									className={at > 0 ? "numeric" : classes.named}
								>
									{figure && onFigure ? (
										<button
											type="button"
											className={classes.number}
											onClick={() => onFigure(figure)}
											aria-label={label}
											data-keeps-panel
										>
											{shown}
										</button>
									) : (
										shown
									)}
								</Table.Td>
							))}
						</Table.Tr>
					))}
				</Table.Tbody>
			</Table>
		</section>
	);
}
