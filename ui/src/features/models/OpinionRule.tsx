import { Radio, Stack, Text } from "@mantine/core";
import { failed, sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { capital } from "@/shared/numbers";
import { LoadingRows, ProblemPanel } from "@/shared/states";
import { complain, say } from "@/shared/undo";
import { useChangeOpinionRule, useOpinionRule } from "./queries";

/** Which new mentions the chosen model is asked about by itself, with what each choice would have cost in the last week. */
export function OpinionRule() {
	const may = useCan("admin");
	const rule = useOpinionRule();
	const change = useChangeOpinionRule();
	if (rule.isPending) return <LoadingRows what="choices" rows={3} />;
	if (failed(rule)) return <ProblemPanel error={rule.error} retry={rule.refetch} />;
	const { reach, choices } = rule.data;
	const shown = change.isPending ? change.variables.body.reach : reach;
	return (
		<Radio.Group
			label="What it is asked about by itself"
			description="Of new mentions, as they come in and as far as the budget goes; those in doubt first"
			value={shown}
			onChange={(wanted) => {
				const choice = choices.find((one) => one.reach === wanted);
				if (!choice || choice.reach === reach) return;
				change.mutate(
					{ body: { reach: choice.reach } },
					{ onSuccess: () => say("Saved"), onError: (error) => complain(sentence(error)) },
				);
			}}
		>
			<Stack gap="sm" mt="sm">
				{choices.map(({ reach: value, title, about, estimate }) => (
					<Radio
						key={value}
						value={value}
						disabled={!may}
						label={title}
						description={
							<>
								{about}{" "}
								<Text span inherit fw={600}>
									{capital(estimate)}.
								</Text>
							</>
						}
					/>
				))}
			</Stack>
		</Radio.Group>
	);
}
