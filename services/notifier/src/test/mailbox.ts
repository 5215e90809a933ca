import { createServer, type Socket } from "node:net";

/** Takes mails by RFC 5321 and keeps what it was told line by line; a recipient whose name begins with "nobody" is refused. */
export async function startMailbox() {
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let inData = false;
    socket.write("220 mailbox\r\n");
    socket.on("data", (chunk) => {
      for (const line of chunk.toString().split("\r\n").slice(0, -1)) {
        lines.push(line);
        if (inData && line !== ".") continue;
        if (line === "DATA") socket.write("354 go on\r\n");
        else socket.write(line.startsWith("RCPT TO:<nobody") ? "550 no such box\r\n" : "250 ok\r\n");
        inData = line === "DATA";
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `smtp://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    lines,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
