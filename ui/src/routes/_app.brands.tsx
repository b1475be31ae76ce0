import { createFileRoute } from "@tanstack/react-router";
import { BrandsPage } from "@/features/brands/BrandsPage";
import { type BrandTab, isTab } from "@/features/brands/search";
import { text } from "./-search";

export const Route = createFileRoute("/_app/brands")({
	validateSearch: (search: Record<string, unknown>): { brand?: string; tab?: BrandTab } => {
		const { tab, ...found } = text(search, "brand", "tab");
		return { ...found, ...(isTab(tab) && { tab }) };
	},
	component: Brands,
});

function Brands() {
	const { brand, tab = "profile" } = Route.useSearch();
	const navigate = Route.useNavigate();
	return (
		<BrandsPage
			open={brand}
			tab={tab}
			onTab={(to) =>
				navigate({
					search: (old) => ({ ...old, tab: to === "profile" ? undefined : to }),
					replace: true,
					resetScroll: false,
				})
			}
			onOpen={(id) =>
				navigate({
					search: (old) => ({ ...old, brand: id }),
					replace: brand !== undefined,
					resetScroll: false,
				})
			}
		/>
	);
}
