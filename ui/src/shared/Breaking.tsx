import { Fragment } from "react";

/** A name of parts, such as `TAL_DE_VIDEO_v02` or `America/Los_Angeles`, that breaks between them where it must. */
export function Breaking({ children }: { children: string }) {
	let at = 0;
	return children.split(/(?<=[_/|.@])/).map((part) => {
		at += part.length;
		return (
			<Fragment key={at}>
				{part}
				<wbr />
			</Fragment>
		);
	});
}
