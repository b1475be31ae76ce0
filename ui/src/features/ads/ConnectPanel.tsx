import { SlideOver } from "@/shared/SlideOver";
import { ConnectWays } from "./ConnectWays";

type Props = { brand: string | undefined; onClose: () => void; onLogin: (id: string) => void };

export function ConnectPanel({ brand, onClose, onLogin }: Props) {
	return (
		<SlideOver
			title="Connect ad accounts"
			about="Log in at Meta, choose the accounts, say which brands they serve"
			onClose={onClose}
		>
			<ConnectWays brand={brand} onLogin={onLogin} />
		</SlideOver>
	);
}
