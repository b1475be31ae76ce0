import { Kbd, Menu, UnstyledButton } from "@mantine/core";
import { ChevronDown } from "lucide-react";
import type { MentionOut } from "@/api/generated/types.gen";
import { TONES, Tone, type ToneName } from "@/shared/Tone";
import classes from "./MentionCard.module.css";

const NAMES = Object.keys(TONES) as ToneName[];

type Props = {
	mention: Pick<MentionOut, "tone" | "tone_read" | "brand">;
	alike: number;
	onTone: (tone: ToneName | null, all: boolean) => void;
};

/** The tone, and what a person can say of it: of this mention, or of all mentions of the brand in the story. */
export function ToneMenu({ mention: { tone, tone_read, brand }, alike, onTone }: Props) {
	return (
		<Menu position="bottom-start" shadow="md">
			<Menu.Target>
				<UnstyledButton
					className={classes.tone}
					aria-label={`Tone: ${TONES[tone].label.toLowerCase()}. Say another`}
				>
					<Tone tone={tone} />
					<ChevronDown size={13} aria-hidden />
				</UnstyledButton>
			</Menu.Target>
			<Menu.Dropdown>
				<Menu.Label>This mention speaks of {brand.name}</Menu.Label>
				{NAMES.map((name, at) => (
					<Menu.Item
						key={name}
						rightSection={<Kbd size="xs">{at + 1}</Kbd>}
						onClick={() => onTone(name, false)}
						aria-current={name === tone || undefined}
					>
						<Tone tone={name} />
					</Menu.Item>
				))}
				{tone_read && (
					<Menu.Item rightSection={<Kbd size="xs">0</Kbd>} onClick={() => onTone(null, false)}>
						As it was read: {TONES[tone_read].label.toLowerCase()}
					</Menu.Item>
				)}
				{alike > 1 && (
					<>
						<Menu.Divider />
						<Menu.Label>All {alike} mentions in this story</Menu.Label>
						{NAMES.map((name) => (
							<Menu.Item
								key={name}
								onClick={() => onTone(name, true)}
								aria-label={`All ${alike}: ${TONES[name].label}`}
							>
								<Tone tone={name} />
							</Menu.Item>
						))}
						<Menu.Item onClick={() => onTone(null, true)}>As they were read</Menu.Item>
					</>
				)}
			</Menu.Dropdown>
		</Menu>
	);
}
