import { lazy, Suspense, useState } from "react";
import { AccountButton } from "./AccountButton";

const load = () => import("./AccountMenu");
const AccountMenu = lazy(load);

/** The button is there at once, its menu as soon as somebody comes near. */
export function Account({ onShowKeys }: { onShowKeys: () => void }) {
	const [asked, setAsked] = useState(false);
	const button = (
		<AccountButton aria-haspopup="menu" onPointerEnter={load} onFocus={load} onClick={() => setAsked(true)} />
	);
	if (!asked) return button;
	return (
		<Suspense fallback={button}>
			<AccountMenu onShowKeys={onShowKeys} />
		</Suspense>
	);
}
