/**
 * What the platform's HTTP interface answers, by the names of contracts/openapi/mybella.yaml: ContractTypesTests compares them.
 * Only what the app asks for.
 */
declare namespace Api {
  interface Problem {
    type: string;
    title: string;
    status: number;
    detail?: string;
    error: string;
    instance?: string;
    request_id?: string;
    errors?: {field: string; message: string}[];
  }

  interface Account {
    id: number;
    name: string;
    email: string;
    role: 'user' | 'admin';
    has_password: boolean;
  }

  interface Session {
    id: string;
    created_at: string;
    last_used_at: string;
    address: string;
    user_agent: string;
    current: boolean;
  }

  interface ApiKey {
    id: string;
    name: string;
    created_at: string;
    last_used_at?: string | null;
  }

  interface NewApiKey extends ApiKey {
    key: string;
  }

  interface Persona {
    id: number;
    name: string;
    display_name: string;
    description: string | null;
    avatar: string | null;
    avatar_url: string | null;
    personality_traits: string | null;
    communication_style: string | null;
    tagline: string | null;
    voice_id: string | null;
    has_custom_voice: boolean;
    is_custom: boolean;
    is_current: boolean;
  }

  interface PersonaCreated {
    message: string;
    persona: {id: number; name: string; display_name: string; description: string | null; avatar: string | null; voice_id: string | null};
  }

  type ErasureStatus = 'pending' | 'complete';

  interface ErasureReceipt {
    service: string;
    status: ErasureStatus;
    counts: Record<string, number> | null;
  }

  interface AccountErasure {
    status: ErasureStatus;
    requested_at: string;
    completed_at: string | null;
    services: ErasureReceipt[];
  }

  interface Erasure {
    persona_id: number;
    status: ErasureStatus;
    requested_at: string;
    completed_at: string | null;
    services: ErasureReceipt[];
  }

  type Role = 'user' | 'assistant' | 'system';

  interface Message {
    id: string;
    conversation_id?: string;
    role: Role;
    content: string;
    created_at: string;
    model?: string | null;
    tokens?: number | null;
    client_message_id?: string | null;
    in_reply_to?: string | null;
    metadata?: Record<string, unknown> | null;
    edited_at?: string | null;
  }

  interface MessagePage {
    messages: Message[];
    next_before: string | null;
    next_after: string | null;
  }

  interface FoundMessage extends Message {
    score: number;
    highlight: string;
  }

  interface FoundPage {
    messages: FoundMessage[];
    next_cursor: string | null;
  }

  interface VoicePreset {
    id: string;
    name: string;
    description: string | null;
    preview_url: string;
    available: boolean;
    suggestion: string | null;
  }

  interface ChatDelta {
    text: string;
  }

  interface ChatReply {
    id: string;
    message_id: string;
    role: 'assistant';
    content: string;
    created_at: string;
    engine: 'model' | 'offline';
    model: string;
    fallback_reason:
      | 'timeout'
      | 'rate_limited'
      | 'unauthorized'
      | 'rejected'
      | 'server_error'
      | 'unreachable'
      | 'protocol_error'
      | 'breaker_open'
      | null;
    recalled: string[];
    audio?: {method: 'POST'; url: string; body: {text: string}};
  }
}
