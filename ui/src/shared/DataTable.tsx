import { Text, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./DataTable.module.css";

export type Column<T> = {
	key: string;
	title: string;
	render: (row: T) => ReactNode;
	align?: "right";
	/** As narrow as its content, in one line. */
	fit?: boolean;
	/** Shown only where there is room: `medium` leaves on a phone, `wide` also beside an open panel. */
	from?: "medium" | "wide";
};

type Props<T> = {
	label: string;
	rows: readonly T[];
	columns: Column<T>[];
	id: (row: T) => string;
	open?: string | undefined;
	onOpen?: (id: string) => void;
};

/** Rows that open in a panel. The open one is marked, and columns give way as the room shrinks. */
export function DataTable<T>({ label, rows, columns, id, open, onOpen }: Props<T>) {
	const cell = ({ align, fit, from }: Column<T>) => ({
		"data-align": align,
		"data-fit": fit || undefined,
		className: from && classes[from],
	});
	return (
		<div className={classes.frame}>
			<table className={classes.table} aria-label={label}>
				<thead>
					<tr>
						{columns.map((column) => (
							<th key={column.key} scope="col" {...cell(column)}>
								{column.title || <VisuallyHidden>Actions</VisuallyHidden>}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{rows.map((row) => {
						const key = id(row);
						return (
							// A click anywhere opens the row; for the keyboard there is the button in its first cell.
							<tr
								key={key}
								className={onOpen && classes.row}
								data-row={key}
								data-open={key === open || undefined}
								onClick={onOpen && (() => onOpen(key))}
							>
								{columns.map((column) => (
									<td key={column.key} {...cell(column)}>
										{column.render(row)}
									</td>
								))}
							</tr>
						);
					})}
				</tbody>
			</table>
		</div>
	);
}

/** On a phone, below the name: what the column that gave way would say. */
export function Narrow({ children }: { children: ReactNode }) {
	return (
		<Text size="xs" c="dimmed" component="div" className={classes.narrow}>
			{children}
		</Text>
	);
}

/** The name of a row: what the keyboard and a screen reader open it with. */
export function RowName({ children, onClick }: { children: ReactNode; onClick: () => void }) {
	return (
		<button
			type="button"
			className={classes.name}
			onClick={(event) => {
				event.stopPropagation();
				onClick();
			}}
		>
			{children}
		</button>
	);
}
