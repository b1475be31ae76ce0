import { Stack, Text } from "@mantine/core";
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import type { BrandOut } from "@/api/generated/types.gen";
import { failed, onItsWay } from "@/api/problems";
import { useCan } from "@/api/session";
import { ChartTwin } from "@/shared/ChartTwin";
import { percent, plural } from "@/shared/numbers";
import { PanelBody } from "@/shared/SlideOver";
import { Empty, LoadingPanel, ProblemPanel } from "@/shared/states";
import { plainTwin } from "@/shared/TwinTable";
import { LessonCard } from "./LessonCard";
import { LimitCard } from "./LimitCard";
import { PromiseCard } from "./PromiseCard";
import { ReliabilityPicture } from "./pictures";
import { useToneLessons, useTrust } from "./queries";
import { SampleCard } from "./SampleCard";
import { SampleDeck } from "./SampleDeck";
import { ToneLessonCard } from "./ToneLessonCard";

/** How far a brand's mentions can be trusted, by what that is known, and what can be done about it. */
export function TrustTab({ brand }: { brand: BrandOut }) {
	const trust = useTrust(brand.id);
	const tones = useToneLessons();
	const may = useCan("analyst");
	const [checking, setChecking] = useState(false);
	if (checking) return <SampleDeck brand={brand.id} name={brand.name} onBack={() => setChecking(false)} />;
	if (trust.isPending || onItsWay(tones)) return <LoadingPanel what="trust" />;
	if (failed(trust)) return <ProblemPanel error={trust.error} retry={trust.refetch} />;
	const { mentions, reliability, ece, checked } = trust.data;
	if (mentions === 0 && checked === 0) {
		return (
			<PanelBody>
				<Empty icon={ShieldCheck} title="Nothing to trust or doubt yet" level={3}>
					When the first mentions of {brand.name} are found, this shows how many of them are right, and by
					what that is known.
				</Empty>
			</PanelBody>
		);
	}
	return (
		<PanelBody>
			<Stack gap="md">
				<LessonCard trust={trust.data} may={may} />
				<ToneLessonCard may={may} />
				<LimitCard trust={trust.data} may={may} />
				<PromiseCard trust={trust.data} name={brand.name} may={may} />
				<SampleCard trust={trust.data} may={may} onCheck={() => setChecking(true)} />
				<ChartTwin
					level={3}
					title="Belief and truth"
					about={
						checked > 0
							? `${plural(checked, "judged mention")}; on average ${percent(ece ?? 0)} apart`
							: "What was believed, and how often it was true"
					}
					twin={plainTwin(
						["Believed", "On average", "True", "From", "To", "Judged"],
						reliability.map((bin) => [
							`${percent(bin.low)} to ${percent(bin.high)}`,
							percent(bin.predicted),
							percent(bin.observed.share),
							percent(bin.observed.low),
							percent(bin.observed.high),
							bin.checked,
						]),
					)}
				>
					{reliability.length > 0 ? (
						<>
							<ReliabilityPicture bins={reliability} />
							<Text size="xs" c="dimmed" mt={4}>
								On the dashed line belief and truth agree; the bars are what chance leaves open, 90 % sure.
								What a lesson was learned from is shown as if it had not seen it.
							</Text>
						</>
					) : (
						<Text size="sm" c="dimmed">
							No mention was judged in the last twelve weeks.
						</Text>
					)}
				</ChartTwin>
			</Stack>
		</PanelBody>
	);
}
