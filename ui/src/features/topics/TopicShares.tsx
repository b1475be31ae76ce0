import { Anchor, Card, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { BrandTopicsOut, TopicShareOut } from "@/api/generated/types.gen";
import { count, percent, plural } from "@/shared/numbers";
import { ShareBar } from "./ShareBar";
import classes from "./Topics.module.css";

type Props = { topics: BrandTopicsOut };

/** How much of what is said of a brand is about which topic, and which messages get through. */
export function TopicShares({ topics: { items, out_of, enough, brand_id } }: Props) {
	const parts: { title: string; items: TopicShareOut[] }[] = [
		{ title: "Topics", items: items.filter(({ sort }) => sort === "topic") },
		{ title: "Key messages", items: items.filter(({ sort }) => sort === "message") },
	];
	return (
		<>
			{parts
				.filter((part) => part.items.length > 0)
				.map((part) => (
					<Card key={part.title} padding="md" component="section" aria-label={part.title}>
						<Stack gap="sm">
							<div>
								<Title order={3} size="h5">
									{part.title}
								</Title>
								<Text size="xs" c="dimmed">
									{enough
										? `Last 90 days, ${plural(out_of, "text")} in English. The bars reach from what surely is to what may be, too`
										: `Not enough evidence for shares: ${plural(out_of, "text")} in 90 days, and they are told from 20 on`}
								</Text>
							</div>
							{part.items.map(({ topic_id, title, yes, maybe, share, low, high }) => (
								<div key={topic_id} className={classes.row} data-titled data-bare={!enough || undefined}>
									<Text size="sm" className={classes.title}>
										{title}
									</Text>
									{share !== null && low !== null && high !== null && (
										<>
											<ShareBar value={share} low={low} high={high} />
											<Text size="sm" className="numeric" ta="right">
												{percent(share)}
												<Text span size="xs" c="dimmed">
													{" "}
													{percent(low)} to {percent(high)}
												</Text>
											</Text>
										</>
									)}
									<Anchor
										size="xs"
										className={classes.evidence}
										renderRoot={(props) => (
											<Link to="/stories" search={{ brand: brand_id, topic: topic_id }} {...props} />
										)}
									>
										{plural(yes, "text")}
										{maybe > 0 && `, ${count(maybe)} in doubt`}
									</Anchor>
								</div>
							))}
						</Stack>
					</Card>
				))}
		</>
	);
}
