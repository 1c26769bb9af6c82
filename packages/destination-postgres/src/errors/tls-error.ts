const untrusted =
  /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|INVALID_CA|INVALID_PURPOSE)/

/** What is wrong with TLS, as a part of a sentence; undefined for other errors. */
export const tlsReason = (error: Error): string | undefined => {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH')
    return `the server's certificate was made for another host (${code}). Connect by the name that stands in it`
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return `the server's certificate is not valid at this time (${code}). Renew it, or correct the clock`
  if (untrusted.test(code)) return `the server's certificate is not trusted (${code})`
  if (code.startsWith('ERR_OSSL'))
    return `a certificate or a key cannot be used (${code}). Correct the files that "sslcert", "sslkey" and "sslrootcert" name`
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS'))
    return `encryption could not be set up (${code}). The server's log may say why`
  return undefined
}
