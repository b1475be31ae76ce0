import { Card, Table, Text, Title } from "@mantine/core";
import type { Topics } from "@/api/generated/types.gen";
import { count, plural } from "@/shared/numbers";
import type { Block } from "./blocks";
import { interval, shown } from "./figures";
import classes from "./Report.module.css";
import type { Shows } from "./ReportParts";

type Props = Shows & { topics: Topics; block: Extract<Block, { kind?: "topics" }> };

/** How much of what was said is about which topic, each number with its evidence. */
export function TopicTable({ topics, block, onFigure }: Props) {
	const { heading, most = 10, which = "all" } = block;
	const rows = topics.rows.filter(({ sort }) => which === "all" || which === sort).slice(0, most);
	const note =
		topics.rows.length === 0
			? "No topic is looked for yet: make them under Topics."
			: topics.enough
				? `Of ${plural(topics.out_of, "text")}, copies left out; a text can be about several`
				: `${count(topics.out_of)} of 20 texts that a share takes, copies left out`;
	return (
		<Card padding="lg">
			<Title order={2} size="h5" mb={4} dir="auto">
				{heading || "What it was about"}
			</Title>
			<Text size="xs" c="dimmed" mb="sm">
				{note}
			</Text>
			{rows.length > 0 && (
				<div className={classes.scrolls}>
					<Table fz="sm">
						<Table.Thead>
							<Table.Tr>
								<Table.Th miw="9rem">About</Table.Th>
								<Table.Th ta="right">Texts</Table.Th>
								<Table.Th ta="right">Share</Table.Th>
								<Table.Th ta="right">90 % sure between</Table.Th>
								<Table.Th ta="right">Positive</Table.Th>
								<Table.Th ta="right">Negative</Table.Th>
							</Table.Tr>
						</Table.Thead>
						<Table.Tbody>
							{rows.map(({ topic_id, title, sort, mentions, maybe, positive, negative, share }) => (
								<Table.Tr key={topic_id}>
									<Table.Td>
										<span dir="auto">{title}</span>
										{sort === "message" && (
											<Text span size="xs" c="dimmed">
												{" "}
												key message
											</Text>
										)}
									</Table.Td>
									<Table.Td ta="right" className="numeric">
										<button
											type="button"
											className={classes.finding}
											onClick={() => onFigure(share.evidence)}
											data-keeps-panel
										>
											{count(mentions)}
										</button>
										{maybe > 0 && (
											<Text span size="xs" c="dimmed">
												{" "}
												+ {count(maybe)} maybe
											</Text>
										)}
									</Table.Td>
									<Table.Td ta="right" className="numeric">
										{shown(share)}
									</Table.Td>
									<Table.Td ta="right" className="numeric">
										{interval(share) ?? "not enough"}
									</Table.Td>
									<Table.Td ta="right" className="numeric">
										{count(positive)}
									</Table.Td>
									<Table.Td ta="right" className="numeric">
										{count(negative)}
									</Table.Td>
								</Table.Tr>
							))}
						</Table.Tbody>
					</Table>
				</div>
			)}
		</Card>
	);
}
