import { isProblem } from "@/api/problems";
import { ProblemPanel } from "@/shared/states";

type Props = { error: unknown; retry: () => void /** Where a new link comes from. */; todo: string };

/** A link that serves once could not be opened: asking again does not help one that is over. */
export function LinkProblem({ error, retry, todo }: Props) {
	const over = isProblem(error) && error.status === 404;
	return over ? <ProblemPanel error={error} todo={todo} /> : <ProblemPanel error={error} retry={retry} />;
}
