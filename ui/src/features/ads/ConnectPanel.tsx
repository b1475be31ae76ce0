import { SlideOver } from "@/shared/SlideOver";
import { ConnectWays } from "./ConnectWays";
import type { From } from "./comingBack";

type Props = {
	brand: string | undefined;
	from: From;
	onClose: () => void;
	onLogin: (id: string) => void;
};

export function ConnectPanel({ brand, from, onClose, onLogin }: Props) {
	return (
		<SlideOver
			title="Connect ad accounts"
			about="Log in at Meta, choose the accounts, say which brands they serve"
			onClose={onClose}
		>
			<ConnectWays brand={brand} from={from} onLogin={onLogin} />
		</SlideOver>
	);
}
