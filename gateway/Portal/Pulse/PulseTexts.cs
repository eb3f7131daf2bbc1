namespace LivingCity.Gateway.Portal.Pulse;

/// <summary>The page's texts, one RESX per language.</summary>
internal sealed class PulseTexts;
