import { Stack } from "@mantine/core";
import { MessageCircle } from "lucide-react";
import type { BrandOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { PanelBody } from "@/shared/SlideOver";
import { Empty, LoadingPanel, ProblemPanel } from "@/shared/states";
import { useBrandTone, useBrandTopics } from "./queries";
import { ToneCard } from "./ToneCard";
import { TopicShares } from "./TopicShares";

/** How is spoken of a brand, and of what. */
export function ToneTab({ brand }: { brand: BrandOut }) {
	const tone = useBrandTone(brand.id);
	const topics = useBrandTopics(brand.id);
	if (tone.isPending) return <LoadingPanel what="tone" />;
	if (failed(tone)) return <ProblemPanel error={tone.error} retry={tone.refetch} />;
	if (tone.data.tones.every(({ texts }) => texts === 0)) {
		return (
			<PanelBody>
				<Empty icon={MessageCircle} title="Nothing is said yet" level={3}>
					When mentions of {brand.name} are found, this shows how they speak of it, and how far that can be
					known.
				</Empty>
			</PanelBody>
		);
	}
	return (
		<PanelBody>
			<Stack gap="md">
				<ToneCard tone={tone.data} name={brand.name} />
				{topics.data && <TopicShares topics={topics.data} />}
				{failed(topics) && <ProblemPanel error={topics.error} retry={topics.refetch} />}
			</Stack>
		</PanelBody>
	);
}
