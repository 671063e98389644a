-- How Argo CD shows what the operator says of an App, a Datasource, a Server, a ClusterServer or a GitSync.
local health = { status = "Progressing", message = "The operator has not looked at this yet" }
if obj.metadata.deletionTimestamp ~= nil then
  health.message = "Waits until the operator lets go of it"
end
if obj.status == nil or obj.status.conditions == nil then
  return health
end

local conditions = {}
for _, condition in ipairs(obj.status.conditions) do
  conditions[condition.type] = condition
end
local function is(name, status)
  return conditions[name] ~= nil and conditions[name].status == status
end
local function words(name)
  local condition = conditions[name]
  if condition.message == nil or condition.message == "" then
    return condition.reason
  end
  return condition.reason .. ": " .. condition.message
end

if is("Stalled", "True") then
  return { status = "Degraded", message = words("Stalled") }
end
if obj.metadata.deletionTimestamp ~= nil then
  return health
end
if is("Suspended", "True") then
  return { status = "Suspended", message = words("Suspended") }
end
if is("Reconciling", "True") then
  return { status = "Progressing", message = words("Reconciling") }
end
if obj.status.observedGeneration ~= obj.metadata.generation or conditions.Ready == nil then
  return health
end
if is("Ready", "True") then
  if is("Drifted", "True") then
    return { status = "Healthy", message = words("Drifted") }
  end
  return { status = "Healthy", message = words("Ready") }
end
if is("Ready", "False") then
  return { status = "Degraded", message = words("Ready") }
end
return { status = "Progressing", message = words("Ready") }
