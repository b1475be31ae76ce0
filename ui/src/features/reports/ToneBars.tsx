import { Group, Stack, Text } from "@mantine/core";
import type { BrandTone, ReportDocument } from "@/api/generated/types.gen";
import { percent, plural } from "@/shared/numbers";
import { TONES, Tone } from "@/shared/Tone";
import type { Twin } from "@/shared/TwinTable";
import { ChartCard } from "./ChartCard";
import { figureCell, interval, shown } from "./figures";
import classes from "./Report.module.css";
import type { Shows } from "./ReportParts";

/** Tones that have a true share; what is mixed or unclear has none. */
const SHARED = ["positive", "neutral", "negative"] as const;

type Props = Shows & { document: ReportDocument; report: string };

/** How is spoken of each brand: the mix, and the balance with the interval it really is known to. */
export function ToneBars({ document, report, onFigure }: Props) {
	return (
		<ChartCard
			title="Tone toward the brand"
			chart="tone"
			report={report}
			twin={twinOf(document)}
			onFigure={onFigure}
		>
			<Stack gap="md">
				{document.tone.map((tone) => (
					<One
						key={tone.brand_id}
						tone={tone}
						name={document.brands.find(({ id }) => id === tone.brand_id)?.name ?? ""}
						onFigure={onFigure}
					/>
				))}
			</Stack>
			<div className={classes.legend} style={{ marginTop: 16 }}>
				{Object.keys(TONES).map((tone) => (
					<Tone key={tone} tone={tone as keyof typeof TONES} />
				))}
			</div>
		</ChartCard>
	);
}

function twinOf({ tone, brands }: ReportDocument): Twin {
	const tones = Object.entries(TONES);
	return {
		columns: [
			"Brand",
			...tones.map(([, { label }]) => label),
			...SHARED.flatMap((tone) => [`${TONES[tone].label}, share`, "From", "To"]),
			"Balance",
			"From",
			"To",
		],
		rows: tone.map(({ brand_id, counts, balance }) => {
			const name = brands.find((brand) => brand.id === brand_id)?.name ?? "";
			return [
				{ value: name },
				...tones.map(([tone, { label }]) => {
					const found = counts.find((one) => one.tone === tone);
					return {
						value: found?.mentions ?? 0,
						figure: found?.mentions ? found.share.evidence : undefined,
						label: `${name}, ${label.toLowerCase()}: ${plural(found?.mentions ?? 0, "mention")}`,
					};
				}),
				...SHARED.flatMap((tone) => {
					const share = counts.find((one) => one.tone === tone)?.share;
					return [share?.value, share?.interval?.low, share?.interval?.high].map((value) =>
						figureCell({ value: value ?? null, unit: "share" }),
					);
				}),
				figureCell(balance),
				figureCell({ value: balance.interval?.low ?? null, unit: "balance" }),
				figureCell({ value: balance.interval?.high ?? null, unit: "balance" }),
			];
		}),
	};
}

type OneProps = { tone: BrandTone; name: string; onFigure: Shows["onFigure"] };

function One({ tone: { counts, balance, out_of, enough, corrected }, name, onFigure }: OneProps) {
	const told = corrected && enough;
	const wide = ({ mentions, share }: (typeof counts)[number]) => (told ? (share.value ?? 0) : mentions);
	const place = (value: number) => `${((value + 1) / 2) * 100}%`;
	const color = (balance.value ?? 0) >= 0 ? "var(--tone-positive)" : "var(--tone-negative)";
	return (
		<div>
			<Group justify="space-between" gap="xs" mb={4}>
				<Text size="sm" fw={550} maw="100%">
					{name}
				</Text>
				<Text size="xs" c="dimmed" className="numeric">
					{enough || balance.value !== null ? (
						<>
							balance <b>{shown(balance)}</b> {balance.interval && `(${interval(balance)})`}
						</>
					) : (
						`${plural(out_of, "text")}: not enough to say`
					)}
				</Text>
			</Group>
			{out_of > 0 && (
				<div className={classes.stack}>
					{counts
						.filter((one) => wide(one) > 0)
						.map((one) => {
							const { tone, mentions, share } = one;
							const words = [TONES[tone].label];
							if (share.value !== null) words.push(`${percent(share.value)} (${interval(share)})`);
							words.push(`read of ${plural(mentions, "mention")}`);
							return (
								<button
									key={tone}
									type="button"
									style={{ flex: wide(one), background: TONES[tone].color }}
									title={words.join(", ")}
									aria-label={`${name}, ${TONES[tone].label.toLowerCase()}: ${plural(mentions, "mention")}`}
									onClick={() => onFigure(share.evidence)}
									data-keeps-panel
								/>
							);
						})}
				</div>
			)}
			{told && (
				<Text size="xs" c="dimmed" mt={4} className="numeric" style={{ whiteSpace: "normal" }}>
					{counts
						.filter(({ share }) => share.value !== null)
						.map(({ tone, share }) => `${TONES[tone].label.toLowerCase()} ${interval(share)}`)
						.join(" · ")}
					, corrected by how often tone is read right
				</Text>
			)}
			{balance.value !== null && (
				<div className={classes.balance} aria-hidden>
					{balance.interval && (
						<i
							style={{
								left: place(balance.interval.low),
								width: `${((balance.interval.high - balance.interval.low) / 2) * 100}%`,
								background: color,
							}}
						/>
					)}
					<b style={{ left: place(balance.value), background: color }} />
				</div>
			)}
		</div>
	);
}
