import { Popover } from "@mantine/core";
import type { ReactNode } from "react";
import { later } from "@/shared/later";
import { useTags } from "./deeds";

const AskTag = later(async () => (await import("./AskTag")).AskTag);

type Props = {
	opened: boolean;
	onChange: (opened: boolean) => void;
	onTag: (tag: string) => void;
	/** Tags that are on offer; those of stories unless said. */
	useKnown?: () => string[];
	children: ReactNode;
};

const useTagsOfStories = () => useTags().data?.items.map(({ tag }) => tag) ?? [];

/** Asks for a tag beside the button that wants one: one of the organization's, or a new one. */
export function TagMenu({ opened, onChange, onTag, useKnown = useTagsOfStories, children }: Props) {
	return (
		<Popover
			opened={opened}
			onChange={onChange}
			position="top-start"
			trapFocus
			returnFocus
			withinPortal
			shadow="md"
		>
			<Popover.Target>{children}</Popover.Target>
			<Popover.Dropdown data-keeps-panel>
				<AskTag
					useKnown={useKnown}
					onTag={(tag) => {
						onTag(tag);
						onChange(false);
					}}
				/>
			</Popover.Dropdown>
		</Popover>
	);
}
