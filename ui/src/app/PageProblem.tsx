import { useEffect } from "react";
import { Page } from "@/shared/Page";
import { ProblemPanel } from "@/shared/states";
import { isMissingPart, loadAnewIfThere, loadAnewWhenThere } from "./missingParts";

/** A page that cannot be shown; the rest of the screen stays. */
export function PageProblem({ error, reset }: { error: unknown; reset: () => void }) {
	const missing = isMissingPart(error);
	useEffect(() => (missing ? loadAnewWhenThere() : undefined), [missing]);
	return (
		<Page title="This page cannot be shown">
			<ProblemPanel error={error} retry={missing ? () => void loadAnewIfThere() : reset} />
		</Page>
	);
}
