import { Text } from "@mantine/core";
import type { MentionOut } from "@/api/generated/types.gen";
import { TONES, Tone } from "@/shared/Tone";
import classes from "./MentionCard.module.css";

/** Who says what: the outlet in its own words, or somebody it quotes. A person's word on the tone stands first. */
export function Voices({ mention: { voices, tone, tone_read } }: { mention: MentionOut }) {
	const anybody = voices.some(({ quoted }) => quoted);
	if (!anybody && !tone_read) return null;
	return (
		<ul className={classes.voices} aria-label="Who says what">
			{tone_read && (
				<li>
					<Text size="xs" c="dimmed" span>
						Said by hand: {TONES[tone].label.toLowerCase()}; it was read as{" "}
						{TONES[tone_read].label.toLowerCase()}
					</Text>
				</li>
			)}
			{anybody &&
				voices.map(({ quoted, speaker, tone, quote }) => (
					<li key={`${quote.field}${quote.start}`}>
						<Text size="xs" span fw={550}>
							{quoted ? speaker || "Somebody quoted" : "The outlet itself"}
						</Text>{" "}
						<Tone tone={tone} />
						{voices.length > 1 && (
							<Text size="xs" c="dimmed" lineClamp={2} dir="auto">
								{quote.text}
							</Text>
						)}
					</li>
				))}
		</ul>
	);
}
