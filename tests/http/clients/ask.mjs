// Asks an endpoint by Comunica, which is told its address and nothing else, and by fetch-sparql-endpoint.
// Writes what came back as one JSON document.
import { QueryEngine } from '@comunica/query-sparql';
import { SparqlEndpointFetcher } from 'fetch-sparql-endpoint';

const [address] = process.argv.slice(2);
const PREFIXES = `PREFIX dlg: <https://w3id.org/dialogiverkko/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>`;
const SELECT = `${PREFIXES} SELECT ?s ?name WHERE { ?s a dlg:DialogueSeries ; skos:prefLabel ?name
  FILTER(LANG(?name) = "fi") } ORDER BY ?s LIMIT 5`;
const CONSTRUCT = `${PREFIXES} CONSTRUCT { ?s skos:prefLabel ?n } WHERE { ?s a dlg:DialogueSeries ; skos:prefLabel ?n }`;
const ASK = `${PREFIXES} ASK { ?s a dlg:DialogueSeries }`;
const BROKEN = 'SELECT * WHERE { ?s ?p }';

const collect = (stream) => new Promise((resolve, reject) => {
  const found = [];
  stream.on('data', (each) => found.push(each));
  stream.on('end', () => resolve(found));
  stream.on('error', reject);
});

async function byComunica() {
  const engine = new QueryEngine();
  const context = { sources: [address] };
  const rows = await (await engine.queryBindings(SELECT, context)).toArray();
  const quads = await (await engine.queryQuads(CONSTRUCT, context)).toArray();
  return {
    rows: rows.map((row) => [row.get('s').value, row.get('name').value, row.get('name').language]),
    quads: quads.length,
    truth: await engine.queryBoolean(ASK, context),
  };
}

async function byFetcher() {
  const fetcher = new SparqlEndpointFetcher();
  const rows = await collect(await fetcher.fetchBindings(address, SELECT));
  const quads = await collect(await fetcher.fetchTriples(address, CONSTRUCT));
  const posted = new SparqlEndpointFetcher({ method: 'POST' });
  const refusal = await fetcher.fetchBindings(address, BROKEN).then(() => '', (error) => String(error.message));
  return {
    rows: rows.map((row) => [row.s.value, row.name.value, row.name.language]),
    quads: quads.length,
    truth: await fetcher.fetchAsk(address, ASK),
    posted: await posted.fetchAsk(address, ASK),
    refusal,
  };
}

process.stdout.write(JSON.stringify({ comunica: await byComunica(), fetcher: await byFetcher() }));
