import { Card, Text, Title } from "@mantine/core";
import type { Summary as Told } from "@/api/generated/types.gen";
import { plural } from "@/shared/numbers";
import classes from "./Report.module.css";
import type { Shows } from "./ReportParts";

/** Sentences with numbers; each number opens the mention that bears its sentence out. */
export function Summary({ summary, onFigure }: Pick<Shows, "onFigure"> & { summary: Told }) {
	const { sentences, citations, written_by, model, dropped = 0, note } = summary;
	return (
		<Card padding="lg">
			<Title order={2} size="h5" mb="xs">
				Summary
			</Title>
			{sentences.map(({ text, citations: numbers }) => (
				<Text key={text} size="sm" mb={6} maw="75ch">
					{text}{" "}
					<span style={{ whiteSpace: "nowrap" }}>
						{numbers.map((number) => {
							const cited = citations.find((one) => one.number === number);
							return (
								cited && (
									<button
										key={number}
										type="button"
										className={classes.cite}
										title={`${cited.title} (${cited.outlet})`}
										aria-label={`Source ${number}: ${cited.title}, ${cited.outlet}`}
										onClick={() => onFigure(cited.evidence)}
										data-keeps-panel
									>
										{number}
									</button>
								)
							);
						})}
					</span>
				</Text>
			))}
			<Text size="xs" c="dimmed" mt="xs">
				{written_by === "model"
					? `Written by ${model}; each sentence was held against the articles it cites.${dropped ? ` ${plural(dropped, "sentence")} ${dropped === 1 ? "was" : "were"} dropped because nothing bore ${dropped === 1 ? "it" : "them"} out.` : ""}`
					: `Headlines of the largest stories, as they were printed. ${note ?? ""}`}
			</Text>
		</Card>
	);
}
