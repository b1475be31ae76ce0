import classes from "./BrandChip.module.css";

type Props = { name: string; color: string | null | undefined; kind?: "own" | "client" | "competitor" };

export function BrandChip({ name, color, kind }: Props) {
	return (
		<span
			className={classes.chip}
			title={kind && { own: "Own brand", client: "Client", competitor: "Competitor" }[kind]}
		>
			<span className={classes.swatch} style={{ background: color ?? "var(--tone-neutral)" }} aria-hidden />
			<bdi className={classes.name}>{name}</bdi>
		</span>
	);
}
