export type {
  DdlCapabilities,
  DestinationCapabilities,
  DispositionCapabilities,
  FileFormat,
  IdentifierCapabilities,
  LoadCapabilities,
  TypeCapabilities,
} from './capabilities.ts'
export type {
  AppliedSchemaChange,
  Destination,
  DestinationClient,
  DestinationContext,
  LoadJob,
  LoadOutcome,
  LoadRequest,
  StoredSchema,
  StoredState,
} from './destination.ts'
export type { DestinationFactory, DestinationRegistry } from './destination-registry.ts'
