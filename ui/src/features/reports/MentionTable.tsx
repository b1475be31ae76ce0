import { Anchor, Button, Card, Table, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { ReportDocument } from "@/api/generated/types.gen";
import { useCan } from "@/api/session";
import { count, sureness } from "@/shared/numbers";
import { Tone } from "@/shared/Tone";
import { momentIn } from "@/shared/time";
import classes from "./Report.module.css";

const FIRST = 25;

type Props = { document: ReportDocument; heading?: string | undefined };

export function MentionTable({ document, heading }: Props) {
	const [all, setAll] = useState(false);
	const mayOpen = useCan("viewer");
	const { mentions, mentions_in_all, brands, time_zone } = document;
	// An article that names two brands stands there once for each.
	const named = new Set(mentions.map(({ brand_id }) => brand_id)).size > 1;
	const nameOf = (id: string) => brands.find((brand) => brand.id === id)?.name;
	const rows = all ? mentions : mentions.slice(0, FIRST);
	return (
		<Card padding="lg">
			<div className={classes.head}>
				<Title order={2} size="h5">
					{heading || "Mentions"}
				</Title>
				<Text size="xs" c="dimmed">
					{mentions.length < mentions_in_all
						? `the newest ${count(mentions.length)} of ${count(mentions_in_all)}; the tables to download hold all`
						: count(mentions_in_all)}
				</Text>
			</div>
			{mentions.length === 0 ? (
				<Text size="sm" c="dimmed">
					None in this range.
				</Text>
			) : (
				<Table fz="sm" verticalSpacing="xs" horizontalSpacing={4} className={classes.mentions}>
					<Table.Thead>
						<Table.Tr>
							<Table.Th>Title</Table.Th>
							<Table.Th>Outlet</Table.Th>
							<Table.Th>Published</Table.Th>
							<Table.Th>Tone</Table.Th>
							<Table.Th ta="right">Sure</Table.Th>
						</Table.Tr>
					</Table.Thead>
					<Table.Tbody>
						{rows.map((mention) => (
							<Table.Tr key={mention.id}>
								<Table.Td>
									{mention.story_id && mayOpen ? (
										<Anchor
											c="inherit"
											fz="sm"
											renderRoot={(props) => (
												<Link
													to="/stories"
													search={{ story: mention.story_id ?? "", range: "all" }}
													{...props}
												/>
											)}
										>
											{mention.title}
										</Anchor>
									) : (
										mention.title
									)}
									{mention.reprint && (
										<Text span size="xs" c="dimmed">
											{" "}
											· reprint
										</Text>
									)}
									{named && (
										<Text size="xs" c="dimmed">
											{nameOf(mention.brand_id)}
										</Text>
									)}
									<Text size="xs" c="dimmed" className={classes.below}>
										<bdi>{mention.outlet || mention.site}</bdi> · {momentIn(mention.published_at, time_zone)}
									</Text>
								</Table.Td>
								<Table.Td>{mention.outlet || mention.site}</Table.Td>
								<Table.Td className="numeric">{momentIn(mention.published_at, time_zone)}</Table.Td>
								<Table.Td>
									<Tone tone={mention.tone} />
								</Table.Td>
								<Table.Td ta="right" className="numeric">
									{mention.judgement === "yes" ? "judged" : sureness(mention.confidence)}
								</Table.Td>
							</Table.Tr>
						))}
					</Table.Tbody>
				</Table>
			)}
			{!all && mentions.length > FIRST && (
				<Button mt="sm" variant="default" onClick={() => setAll(true)}>
					Show all {count(mentions.length)}
				</Button>
			)}
		</Card>
	);
}
