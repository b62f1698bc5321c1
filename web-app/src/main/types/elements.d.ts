import type {LitElement} from 'lit';
import type {ApiProblem} from '../web/app/api.js';
import type {ChatMessage} from '../web/app/chat-message.js';
import type {ChatPanel} from '../web/app/chat-panel.js';
import type {ConfirmDialog} from '../web/app/confirm-dialog.js';
import type {HistorySearch} from '../web/app/history-search.js';
import type {NoticeBar} from '../web/app/notice-bar.js';
import type {PersonaDialog} from '../web/app/persona-dialog.js';
import type {PicturePicker} from '../web/app/picture-picker.js';
import type {VoicePicker} from '../web/app/voice-picker.js';

declare global {
  /**
   * An element with properties for which Lit makes the accessors, see its `static properties`. Whatever is not optional is set by
   * whoever uses the element, or in its constructor. (Of a class that is mixed in, TypeScript wants `any[]`.)
   */
  type Component<Properties> = typeof LitElement & (new (...parameters: any[]) => Properties);

  /** An event at an element of our own template. */
  type At<Target extends EventTarget> = Event & {target: Target};

  /** Whatever was thrown: an `ApiProblem` knows more than other errors. */
  type Failure = Error & Partial<Pick<ApiProblem, 'status' | 'fields' | 'requestId'>>;

  /** What is wrong, by the name of the field. */
  type Wrong = Record<string, string>;

  interface HTMLElementTagNameMap {
    'chat-message': ChatMessage;
    'chat-panel': ChatPanel;
    'confirm-dialog': ConfirmDialog;
    'history-search': HistorySearch;
    'notice-bar': NoticeBar;
    'persona-dialog': PersonaDialog;
    'picture-picker': PicturePicker;
    'voice-picker': VoicePicker;
  }

  /** What our elements tell those around them. */
  interface HTMLElementEventMap {
    choose: CustomEvent<Api.Persona>;
    edit: CustomEvent<Api.Persona>;
    problem: CustomEvent<Failure>;
    remove: CustomEvent<Api.Persona>;
    saved: CustomEvent<string>;
    talk: CustomEvent<Api.Persona>;
    visit: CustomEvent<string>;
  }

  /** On iPhones instead of `MediaSource`; TypeScript does not know it yet. */
  var ManagedMediaSource: typeof MediaSource | undefined;
}
