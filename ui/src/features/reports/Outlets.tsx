import { Card, Table, Text, Title } from "@mantine/core";
import type { ReportDocument } from "@/api/generated/types.gen";
import { shown } from "./figures";
import classes from "./Report.module.css";
import type { Shows } from "./ReportBody";

export function Outlets({ document, onFigure }: Shows & { document: ReportDocument }) {
	return (
		<Card padding="lg">
			<div className={classes.head}>
				<Title order={2} size="h5">
					Outlets
				</Title>
			</div>
			{document.outlets.length === 0 ? (
				<Text size="sm" c="dimmed">
					No outlet wrote about it in this range.
				</Text>
			) : (
				<Table fz="sm" horizontalSpacing={4}>
					<Table.Thead>
						<Table.Tr>
							<Table.Th>Outlet</Table.Th>
							<Table.Th ta="right">Mentions</Table.Th>
							<Table.Th ta="right">Tone</Table.Th>
						</Table.Tr>
					</Table.Thead>
					<Table.Tbody>
						{document.outlets.map(({ outlet, site, mentions, balance, evidence }) => (
							<Table.Tr key={outlet + site}>
								<Table.Td>{outlet || site}</Table.Td>
								<Table.Td ta="right">
									<button
										type="button"
										className={classes.number}
										aria-label={`${mentions} mentions in ${outlet || site}`}
										onClick={() => onFigure(evidence)}
										data-keeps-panel
									>
										{mentions}
									</button>
								</Table.Td>
								<Table.Td ta="right" className="numeric">
									{shown(balance)}
								</Table.Td>
							</Table.Tr>
						))}
					</Table.Tbody>
				</Table>
			)}
		</Card>
	);
}
