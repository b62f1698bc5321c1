package io.mybella.voice.elevenlabs.account;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.PostExchange;

/** The calls that exchange JSON. */
interface ElevenLabsApi {

  @GetExchange("/v2/voices")
  VoicePage voices(
      @RequestParam("page_size") int pageSize,
      @RequestParam(name = "next_page_token", required = false) @Nullable String nextPageToken);

  @PostExchange(url = "/v1/voices/add", contentType = "multipart/form-data")
  AddedVoice add(@RequestBody MultiValueMap<String, HttpEntity<?>> parts);

  @DeleteExchange("/v1/voices/{voice_id}")
  void delete(@PathVariable("voice_id") String voiceId);

  record VoicePage(
      @Nullable List<AccountVoice> voices, boolean hasMore, @Nullable String nextPageToken) {}

  record AddedVoice(String voiceId, boolean requiresVerification) {}
}
