import { Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { Volume2 } from "lucide-react";
import { useState } from "react";
import type { BrandOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { PanelBody } from "@/shared/SlideOver";
import { Empty, LoadingPanel, ProblemPanel } from "@/shared/states";
import { day } from "@/shared/time";
import { Outlets } from "./Outlets";
import { useBrandVoice } from "./queries";
import classes from "./Report.module.css";
import { Tiles } from "./ReportParts";
import { ShareOfVoice } from "./ShareOfVoice";
import { Volume } from "./Volume";
import { storiesBehind } from "./voices";

const SPANS = [7, 30, 90];

/** How loud a brand is these days, among the others: counted as a report counts. */
export function VoiceTab({ brand }: { brand: BrandOut }) {
	const [days, setDays] = useState(30);
	const voice = useBrandVoice(brand.id, days);
	const navigate = useNavigate();
	const onFigure = (figure: string) =>
		voice.data &&
		void navigate({ to: "/stories", search: storiesBehind(figure, brand.id, voice.data.range) });
	const span = (
		<Group justify="space-between" gap="xs">
			<SegmentedControl
				size="xs"
				aria-label="Days"
				value={String(days)}
				onChange={(value) => setDays(Number(value))}
				data={SPANS.map((one) => ({ value: String(one), label: `${one} days` }))}
			/>
			{voice.data && (
				<Text size="xs" c="dimmed">
					{day(voice.data.range.since_on)} to today
					{voice.data.before
						? ", beside as many days before"
						: "; before that nothing was listened to, so nothing is compared"}
				</Text>
			)}
		</Group>
	);
	return (
		<PanelBody>
			<Stack gap="md" className={classes.report}>
				{span}
				{voice.isPending ? (
					<LoadingPanel what="figures" />
				) : failed(voice) ? (
					<ProblemPanel error={voice.error} retry={voice.refetch} />
				) : voice.data.headline.mentions.value === 0 ? (
					<Empty icon={Volume2} title={`Nothing about ${brand.name} in these days`} level={3}>
						When articles of your feeds name it, this shows how many by day, where, and how much of the
						attention is its own.
					</Empty>
				) : (
					<>
						<Tiles
							document={voice.data}
							which={["mentions", "stories", "outlets", "tone"]}
							onFigure={onFigure}
						/>
						<ShareOfVoice document={voice.data} level={3} onFigure={onFigure} />
						<Volume document={voice.data} level={3} onFigure={onFigure} />
						<Outlets document={voice.data} level={3} onFigure={onFigure} />
					</>
				)}
			</Stack>
		</PanelBody>
	);
}
