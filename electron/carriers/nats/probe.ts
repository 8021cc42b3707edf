import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';

const ANSWER_MS = 2_000;

/** Whether somebody who holds the key of this very certificate listens on a port of this machine. */
export function answersAs(port: number, certificate: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', ca: certificate, checkServerIdentity: () => undefined });
    const done = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.setTimeout(ANSWER_MS, () => done(false));
    socket.on('error', () => done(false));
    socket.on('close', () => done(false));
    socket.on('secureConnect', () => {
      const { raw } = socket.getPeerCertificate();
      done(socket.authorized && raw.equals(new X509Certificate(certificate).raw));
    });
  });
}
