export { type Address, type ProxiedConnection, startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";
