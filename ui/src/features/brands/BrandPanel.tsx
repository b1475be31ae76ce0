import { SlideOver } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { BrandForm } from "./BrandForm";
import { useBrand } from "./queries";

export function BrandPanel({ id, onClose }: { id: string; onClose: () => void }) {
	if (id === "new") {
		return (
			<SlideOver
				title="Watch a brand"
				about="Articles of the last 30 days are searched for it at once"
				onClose={onClose}
			>
				<BrandForm brand={undefined} />
			</SlideOver>
		);
	}
	return <OpenBrand id={id} onClose={onClose} />;
}

function OpenBrand({ id, onClose }: { id: string; onClose: () => void }) {
	const brand = useBrand(id);
	return (
		<SlideOver title={brand.data?.name ?? "Brand"} onClose={onClose}>
			{brand.isPending ? (
				<LoadingPanel what="brand" />
			) : brand.isError ? (
				<ProblemPanel error={brand.error} retry={brand.refetch} />
			) : (
				<BrandForm key={brand.data.id} brand={brand.data} />
			)}
		</SlideOver>
	);
}
