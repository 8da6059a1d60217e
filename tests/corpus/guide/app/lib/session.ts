import { cookies } from "next/headers";

export async function currentUser() {
  const token = (await cookies()).get("session");
  return token ? { id: token.value } : null;
}
