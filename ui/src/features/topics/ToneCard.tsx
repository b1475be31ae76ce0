import { Anchor, Card, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { BrandToneOut, ToneMatrixOut } from "@/api/generated/types.gen";
import { count, percent, plural } from "@/shared/numbers";
import { TONES, Tone } from "@/shared/Tone";
import { TwinTable } from "@/shared/TwinTable";
import { ShareBar } from "./ShareBar";
import classes from "./Topics.module.css";

type Props = { tone: BrandToneOut; name: string };

/** How is spoken of the brand: true shares with what chance and wrong readings leave open, and the readings themselves. */
export function ToneCard({ tone, name }: Props) {
	const { tones, enough, out_of, brand_id, own_texts, shipped_texts } = tone;
	return (
		<Card padding="md" component="section" aria-label="Tone">
			<Stack gap="sm">
				<div>
					<Title order={3} size="h5">
						Tone toward {name}
					</Title>
					<Text size="xs" c="dimmed">
						{enough
							? `Last 90 days, ${plural(out_of, "clear text")}; copies count once. The bars hold the true share, 90 % sure`
							: `Not enough evidence: ${plural(out_of, "clear text")} in 90 days, and shares are told from 20 on`}
					</Text>
				</div>
				{tones.map(({ tone: one, texts, said, share }) => (
					<div key={one} className={classes.row} data-bare={!enough || undefined}>
						<Tone tone={one} />
						{share ? (
							<>
								<ShareBar {...share} color={TONES[one].color} />
								<Text size="sm" className="numeric" ta="right">
									{percent(share.value)}
									<Text span size="xs" c="dimmed">
										{" "}
										{percent(share.low)} to {percent(share.high)}
									</Text>
								</Text>
							</>
						) : (
							<span className={classes.gap} />
						)}
						<Anchor
							size="xs"
							className={classes.evidence}
							renderRoot={(props) => (
								<Link to="/stories" search={{ brand: brand_id, tone: one }} {...props} />
							)}
						>
							{plural(texts, "text")}
							{said > 0 && `, ${count(said)} by hand`}
						</Anchor>
					</div>
				))}
				<Text size="xs" c="dimmed">
					Tone is read wrong about {tone.engine === "model" ? "three" : "five"} times in ten, so shares are
					corrected by how often each tone is read as which: {count(shipped_texts)} labelled sentences of news
					{own_texts > 0
						? ` and ${plural(own_texts, "sampled mention")} of yours`
						: "; yours come from the weekly sample under Trust"}
					. English only.
				</Text>
				<Matrix matrix={tone.matrices.find(({ eyes }) => eyes === tone.engine)} />
			</Stack>
		</Card>
	);
}

const COLUMNS = ["positive", "neutral", "negative", "mixed"] as const;

function Matrix({ matrix }: { matrix: ToneMatrixOut | undefined }) {
	if (!matrix) return null;
	return (
		<details>
			<summary className={classes.summary}>How often which tone is read right</summary>
			<TwinTable
				label="How often which tone is read right"
				twin={{
					columns: ["Truly", ...COLUMNS.map((tone) => `read ${tone}`)],
					rows: matrix.rows
						.toReversed()
						.map(({ true: truly, read }) => [
							{ value: TONES[truly].label },
							...COLUMNS.map((tone) => ({ value: read[tone] ?? 0, shown: percent(read[tone] ?? 0) })),
						]),
				}}
			/>
			<Text size="xs" c="dimmed" mt={4}>
				Of clear texts, by {matrix.eyes === "model" ? "the sentence model" : "the word list"}.
			</Text>
		</details>
	);
}
