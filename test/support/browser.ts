/** A page that a browser ended at. */
export interface Page {
  url: URL;
  status: number;
  headers: Headers;
  text: string;
}

/** A browser's cookies, and its way along redirects, one step at a time or to the end. */
export type Browser = ReturnType<typeof openBrowser>;

export function openBrowser() {
  const cookies: { origin: string; path: string; name: string; value: string }[] = [];

  const cookiesFor = (url: URL) =>
    cookies
      .filter(({ origin, path }) => origin === url.origin && url.pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");

  function keep(url: URL, header: string): void {
    const [pair = "", ...attributes] = header.split("; ");
    const [name = "", value = ""] = pair.split("=");
    const attribute = (key: string) => attributes.find((one) => one.startsWith(`${key}=`))?.slice(key.length + 1);
    const path = attribute("Path") ?? "/";
    const at = cookies.findIndex((one) => one.name === name && one.path === path && one.origin === url.origin);
    if (at >= 0) cookies.splice(at, 1);
    if (attribute("Max-Age") !== "0") cookies.push({ origin: url.origin, path, name, value });
  }

  /** One request; a redirect is not followed. */
  async function step(address: string | URL, headers: Record<string, string> = {}): Promise<Page> {
    const url = new URL(address);
    const cookie = cookiesFor(url);
    const response = await fetch(url, {
      redirect: "manual",
      headers: { ...headers, ...(cookie === "" ? {} : { cookie }) },
    });
    for (const header of response.headers.getSetCookie()) keep(url, header);
    return { url, status: response.status, headers: response.headers, text: await response.text() };
  }

  return {
    step,
    /** Where a redirect leads. */
    async follow(address: string | URL, headers?: Record<string, string>): Promise<URL> {
      const page = await step(address, headers);
      const location = page.headers.get("location");
      if (!location) throw new Error(`${page.url.pathname} did not redirect: ${page.status} ${page.text}`);
      return new URL(location, page.url);
    },
    cookies: (): readonly { name: string; value: string; path: string }[] => cookies,
  };
}
