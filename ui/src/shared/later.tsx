import { type ComponentType, lazy, Suspense } from "react";

/** How long a screen has the line for itself. */
const FIRST = 1_000;

/** A panel that is fetched after its list, while one reads. Opened before that, it comes as soon as it is there. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>) {
	const Part = lazy(async () => ({ default: await load() }));
	setTimeout(() => void load(), FIRST);
	return function Later(props: Props) {
		return (
			<Suspense>
				<Part {...props} />
			</Suspense>
		);
	};
}
