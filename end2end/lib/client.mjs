/**
 * What an OAuth client of the official TypeScript SDKs has to bring along: a memory, and a browser.
 */
export class Memory {
    #seen;

    /** @param {string} redirectUrl where the answer is to go
     *  @param {(address: URL) => Promise<void>} browse opens an address for the person */
    constructor(redirectUrl, browse) {
        this.redirectUrl = redirectUrl;
        this.browse = browse;
    }

    get clientMetadata() {
        return {
            client_name: 'end2end',
            redirect_uris: [this.redirectUrl],
            grant_types: ['authorization_code', 'refresh_token'],
            response_types: ['code'],
            token_endpoint_auth_method: 'none',
        };
    }

    state() {
        return (this.expectedState = crypto.randomUUID());
    }

    clientInformation = () => this.client;
    saveClientInformation = (client) => void (this.client = client);
    tokens = () => this.granted;
    saveTokens = (granted) => void (this.granted = granted);
    codeVerifier = () => this.verifier;
    saveCodeVerifier = (verifier) => void (this.verifier = verifier);
    discoveryState = () => this.#seen;
    saveDiscoveryState = (seen) => void (this.#seen = seen);
    redirectToAuthorization = (address) => this.browse(address);
}
