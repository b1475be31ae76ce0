import { useQuery } from "@tanstack/react-query";
import { readBrandToneOptions } from "@/api/generated/@tanstack/react-query.gen";

export const useBrandTone = (brand_id: string) => useQuery(readBrandToneOptions({ path: { brand_id } }));
